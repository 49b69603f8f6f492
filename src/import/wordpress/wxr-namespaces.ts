const NAMESPACES: [RegExp, string][] = [
  [/^https?:\/\/(?:www\.)?wordpress\.org\/export\/[\d.]+\/?$/, 'wp'],
  [/^https?:\/\/(?:www\.)?wordpress\.org\/export\/[\d.]+\/excerpt\/?$/, 'excerpt'],
  [/^http:\/\/purl\.org\/rss\/1\.0\/modules\/content\/$/, 'content'],
  [/^http:\/\/purl\.org\/dc\/elements\/1\.1\/$/, 'dc'],
];

/** Maps the prefixes that a file declares to the ones that exports usually have. */
export class WxrNamespaces {
  readonly #prefixes = new Map<string, string>();
  #version: string | null = null;

  /** Version in the URI of the WordPress namespace, if the file declares it. */
  get version(): string | null {
    return this.#version;
  }

  /** Reads the `xmlns:` attributes of a tag. */
  declare(attributes: Record<string, string>): void {
    for (const [name, uri] of Object.entries(attributes)) {
      if (!name.startsWith('xmlns:')) continue;
      const prefix = name.slice('xmlns:'.length);
      const known = NAMESPACES.find(([pattern]) => pattern.test(uri))?.[1];
      if (known === 'wp') this.#version ??= /export\/([\d.]+)/.exec(uri)?.[1] ?? null;
      // The added character keeps a usual prefix with another URI from being read as the usual namespace.
      this.#prefixes.set(prefix, known ?? `${prefix}?`);
    }
  }

  canonicalName(tagName: string): string {
    const colon = tagName.indexOf(':');
    if (colon < 0) return tagName;
    const prefix = tagName.slice(0, colon);
    return `${this.#prefixes.get(prefix) ?? prefix}:${tagName.slice(colon + 1)}`;
  }
}
