import { type Agent, request } from 'node:http';

/** Who sends a request, as a proxy in front of the gateway reports it. */
export interface Sender {
  agent: Agent;
  address: string;
  authorization?: string;
}

interface Posted {
  status: number;
  text: string;
}

/** Sends a POST of JSON. @throws when the connection fails */
export function postFrom({ agent, address, authorization }: Sender, url: string, body: string): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': Buffer.byteLength(body),
      'x-forwarded-for': address,
      ...(authorization !== undefined && { authorization }),
    };
    const sending = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => resolve({ status: response.statusCode!, text: Buffer.concat(chunks).toString() }));
      response.once('error', reject);
      response.once('aborted', () => reject(new Error('The answer was cut off.')));
    });
    sending.once('error', reject);
    sending.end(body);
  });
}
