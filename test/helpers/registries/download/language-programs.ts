/** Programs that fetch every address given to them and write each to `downloads/` under its last path segment. */

export const rubyNetHttp = `
require 'net/http'
ARGV.each do |url|
  response = Net::HTTP.get_response(URI(url))
  raise "#{url} #{response.code}" unless response.code == '200'
  File.binwrite("downloads/#{File.basename(url)}", response.body)
end
`;

export const rubyOpenUri = `
require 'open-uri'
ARGV.each { |url| File.binwrite("downloads/#{File.basename(url)}", URI.open(url, 'rb', &:read)) }
`;

export const phpCurl = `<?php
foreach (array_slice($argv, 1) as $url) {
    $file = fopen('downloads/' . basename($url), 'wb');
    $asked = curl_init($url);
    curl_setopt_array($asked, [CURLOPT_FILE => $file, CURLOPT_FAILONERROR => true]);
    if (!curl_exec($asked)) { fwrite(STDERR, curl_error($asked)); exit(1); }
    fclose($file);
}
`;

export const phpStreams = `<?php
foreach (array_slice($argv, 1) as $url) {
    $content = file_get_contents($url);
    if ($content === false) exit(1);
    file_put_contents('downloads/' . basename($url), $content);
}
`;

/** Without \`env_proxy\`, as most programs use it. */
export const perlLwp = `
use strict; use warnings; use LWP::UserAgent;
my $agent = LWP::UserAgent->new;
for my $url (@ARGV) {
  my ($name) = $url =~ m{([^/]+)$};
  my $response = $agent->get($url, ':content_file' => "downloads/$name");
  die $response->status_line unless $response->is_success;
  # It writes no file for no content.
  open(my $file, '>>', "downloads/$name") or die;
}
`;

export const perlHttpTiny = `
use strict; use warnings; use HTTP::Tiny;
my $agent = HTTP::Tiny->new(verify_SSL => 1);
for my $url (@ARGV) {
  my ($name) = $url =~ m{([^/]+)$};
  my $response = $agent->mirror($url, "downloads/$name");
  die "$response->{status} $response->{content}" unless $response->{success};
}
`;

export const perlMojo = `
use strict; use warnings; use Mojo::UserAgent;
my $agent = Mojo::UserAgent->new;
for my $url (@ARGV) {
  my ($name) = $url =~ m{([^/]+)$};
  $agent->get($url)->result->save_to("downloads/$name");
}
`;

export const r = `
for (url in commandArgs(trailingOnly = TRUE))
  if (download.file(url, file.path("downloads", basename(url)), mode = "wb", quiet = TRUE) != 0) quit(status = 1)
`;
