/** Programs that fetch every address given to them and write each to `downloads/` under its last path segment. */

export const nodeHttp = `
import { createWriteStream } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
for (const url of process.argv.slice(2)) {
  const response = await new Promise((resolve, reject) => {
    (url.startsWith('https:') ? https : http).get(url, resolve).on('error', reject);
  });
  if (response.statusCode !== 200) throw new Error(url + ' ' + response.statusCode);
  await pipeline(response, createWriteStream('downloads/' + basename(url)));
}
`;

/** CommonJS, and by \`request\` with its own agent. */
export const nodeRequire = `
const fs = require('node:fs');
const path = require('node:path');
const fetchAll = async (urls) => {
  for (const url of urls) {
    const { request, Agent } = require(url.startsWith('https:') ? 'https' : 'http');
    await new Promise((resolve, reject) => {
      const { hostname, port, pathname } = new URL(url);
      const agent = new Agent({ keepAlive: false });
      const asked = request({ hostname, port, path: pathname, agent }, (response) => {
        response.pipe(fs.createWriteStream('downloads/' + path.basename(url))).on('finish', resolve).on('error', reject);
      });
      asked.on('error', reject).end();
    });
  }
};
fetchAll(process.argv.slice(2)).catch((error) => { console.error(error); process.exit(1); });
`;

export const nodeFetch = `
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
for (const url of process.argv.slice(2)) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(url + ' ' + response.status);
  await writeFile('downloads/' + basename(url), Buffer.from(await response.arrayBuffer()));
}
`;

export const pythonUrllib = `
import os, shutil, sys, urllib.request
for url in sys.argv[1:]:
    with urllib.request.urlopen(url) as response, open(os.path.join("downloads", os.path.basename(url)), "wb") as file:
        shutil.copyfileobj(response, file)
`;

export const pythonRequests = `
import os, sys, requests
session = requests.Session()
for url in sys.argv[1:]:
    response = session.get(url)
    response.raise_for_status()
    with open(os.path.join("downloads", os.path.basename(url)), "wb") as file:
        file.write(response.content)
`;

export const java = `
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.*;
import java.nio.file.*;

public class Fetch {
  public static void main(String[] urls) throws Exception {
    HttpClient client = HttpClient.newBuilder().build();
    boolean old = false;
    for (String url : urls) {
      Path file = Path.of("downloads", url.substring(url.lastIndexOf('/') + 1));
      old = !old;
      if (old) {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        try (InputStream body = connection.getInputStream()) { Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING); }
      } else {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        HttpResponse<Path> response = client.send(request, HttpResponse.BodyHandlers.ofFile(file));
        if (response.statusCode() != 200) throw new RuntimeException(url + " " + response.statusCode());
      }
    }
  }
}
`;

export const go = `package main

import (
	"io"
	"net/http"
	"os"
	"path"
)

func main() {
	for _, url := range os.Args[1:] {
		response, err := http.Get(url)
		if err != nil {
			panic(err)
		}
		file, err := os.Create(path.Join("downloads", path.Base(url)))
		if err != nil {
			panic(err)
		}
		if _, err := io.Copy(file, response.Body); err != nil {
			panic(err)
		}
		file.Close()
		response.Body.Close()
	}
}
`;
