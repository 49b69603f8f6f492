/** How a request gives its document: as text, or by a name under which the gateway knows the text. */
export interface DocumentRequest {
  /** Null when the document is named alone. */
  text: string | null;
  /** `extensions.persistedQuery.sha256Hash`, as Apollo's clients, urql and codegen's documents name it. */
  hash: string | null;
  /** `documentId` (GraphQL over HTTP), `doc_id` (Relay) or `id`. */
  id: string | null;
}

type Params = Readonly<Record<string, unknown>>;

const ID_PARAMETERS = ['documentId', 'doc_id', 'id'];

/** Whether a request names a document, rightly or not. */
export function namesDocument(params: Params): boolean {
  return isGiven(persistedQueryOf(params)) || ID_PARAMETERS.some((name) => isGiven(params[name]));
}

/**
 * Reads the document of a request from its parameters, which are the same over every transport. Pure.
 * @returns what is wrong with them when they name no document
 */
export function readDocumentRequest(params: Params): DocumentRequest | string {
  const { query } = params;
  if (isGiven(query) && typeof query !== 'string') return '`query` must be a string with a GraphQL document.';
  // graphql-transport-ws requires the parameter, so clients that name a document send it empty.
  const text = typeof query === 'string' && !(query === '' && namesDocument(params)) ? query : null;
  if (text === null && !namesDocument(params))
    return '`query` must be a string with a GraphQL document, unless `extensions.persistedQuery` or `documentId` names one.';
  const hash = readHash(persistedQueryOf(params));
  if (typeof hash === 'string') return hash;
  const parameter = ID_PARAMETERS.find((name) => isGiven(params[name]));
  const id = parameter === undefined ? null : params[parameter];
  // Beside a text, the parameter may be of some other use to the client.
  if (id !== null && typeof id !== 'string' && text === null)
    return `\`${parameter}\` must be a string with the id of a document.`;
  return { text, hash: hash?.sha256Hash ?? null, id: typeof id === 'string' ? id : null };
}

function persistedQueryOf({ extensions }: Params): unknown {
  return (extensions as Params | null | undefined)?.persistedQuery;
}

/** @returns null when there is none, and a text when it is wrong */
function readHash(persistedQuery: unknown): { sha256Hash: string } | null | string {
  if (!isGiven(persistedQuery)) return null;
  const { version, sha256Hash } = persistedQuery as Params;
  // Apollo Server's words.
  if (version !== 1) return 'Unsupported persisted query version';
  return typeof sha256Hash === 'string' && sha256Hash !== ''
    ? { sha256Hash }
    : '`extensions.persistedQuery.sha256Hash` must be a string with the SHA-256 hash of the document.';
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
