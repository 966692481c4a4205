/**
 * Sends a file with tus-js-client, the protocol's reference client, and goes on through whatever the server does.
 *
 * node tus_upload.mjs ADDRESS FILE COOKIE MARK: prints a line for each piece that has arrived, and at the end the address.
 */
import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import * as tus from "tus-js-client";

const [address, file, cookie, mark] = process.argv.slice(2);

const upload = new tus.Upload(createReadStream(file), {
  endpoint: `${address}/api/field-files/tus`,
  chunkSize: 64 * 1024,
  uploadSize: statSync(file).size,
  metadata: { filename: basename(file) },
  headers: { Cookie: cookie, "X-CSRFToken": mark },
  retryDelays: Array.from({ length: 60 }, () => 500),
  onChunkComplete: (_, there) => console.log(`at ${there}`),
  onShouldRetry: () => true,
  onError(error) {
    console.log(`failed ${error}`);
    process.exitCode = 1;
  },
  onSuccess: () => console.log(`done ${upload.url}`),
});
upload.start();
