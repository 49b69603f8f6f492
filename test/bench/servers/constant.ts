import { listen, textOf } from './listen.ts';

/** What the parent process sent last: the body of every answer. */
let body = Buffer.from('{}');
process.on('message', (text: string) => {
  body = Buffer.from(text);
  process.send?.('ready');
});

listen(async (request, response) => {
  await textOf(request);
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
  response.end(body);
});
