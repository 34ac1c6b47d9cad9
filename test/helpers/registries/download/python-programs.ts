/** Python programs that fetch every address given to them and write each to `downloads/` under its last path segment. */

/** How they begin. */
export const saving = `
import os, sys
def save(url, content):
    with open(os.path.join("downloads", os.path.basename(url)), "wb") as file:
        file.write(content)
`;

export const httpx = `${saving}
import httpx
with httpx.Client() as client:
    for url in sys.argv[1:]:
        save(url, client.get(url).raise_for_status().content)
`;

export const httpxHttp2 = `${saving}
import asyncio, httpx
async def main():
    async with httpx.AsyncClient(http2=True) as client:
        for url in sys.argv[1:]:
            response = (await client.get(url)).raise_for_status()
            assert response.http_version == ("HTTP/2" if url.startswith("https:") else "HTTP/1.1"), response.http_version
            save(url, response.content)
asyncio.run(main())
`;

/** With the arguments of its session. */
export const aiohttp = (session: string): string => `${saving}
import aiohttp, asyncio
async def main():
    async with aiohttp.ClientSession(${session}) as client:
        for url in sys.argv[1:]:
            async with client.get(url) as response:
                response.raise_for_status()
                save(url, await response.read())
asyncio.run(main())
`;

export const httplib2 = `${saving}
import httplib2
client = httplib2.Http()
for url in sys.argv[1:]:
    response, content = client.request(url)
    assert response.status == 200, response
    save(url, content)
`;

/** Its pool takes no proxy from the environment; whoever uses it passes one on. */
export const urllib3 = `${saving}
import urllib3
client = urllib3.PoolManager()
for url in sys.argv[1:]:
    response = client.request("GET", url)
    assert response.status == 200, response
    save(url, response.data)
`;

/** The first segment of the path is the bucket. */
export const boto3 = `${saving}
import boto3
from urllib.parse import urlsplit
for url in sys.argv[1:]:
    address = urlsplit(url)
    bucket, key = address.path[1:].split("/", 1)
    client = boto3.client("s3", endpoint_url=f"{address.scheme}://{address.netloc}", region_name="us-east-1",
                          aws_access_key_id="twin", aws_secret_access_key="twin")
    save(url, client.get_object(Bucket=bucket, Key=key)["Body"].read())
`;
