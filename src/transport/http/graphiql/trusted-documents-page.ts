import type { Handler } from '../handler.ts';

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Broadsheet</title></head>
<body style="font-family: sans-serif; max-width: 40em; margin: 3em auto; padding: 0 1em">
<h1>GraphiQL is not available</h1>
<p>This gateway executes trusted documents only, so no document that is written here could be executed.
To use GraphiQL, start a gateway with <code>TRUSTED_DOCUMENTS_ONLY=off</code>.</p>
</body>
</html>
`;

/** Serves what browsers get instead of GraphiQL when documents must be those of the manifest. */
export const trustedDocumentsPage: Handler = ({ method }, response) => {
  response.appendHeader('vary', 'accept');
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(PAGE),
    'cache-control': 'no-cache',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  });
  response.end(method === 'HEAD' ? undefined : PAGE);
};
