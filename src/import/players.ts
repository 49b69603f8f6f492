// What a URL on a line of its own, or in an [embed], stands for.

/** HTML that shows what is at a URL: a player, where it is a known one's video, else a link. */
export function playerOf(url: string): string {
  const address = url.trim().replace(/&(?:amp|#0?38);/g, '&');
  if (!/^https?:\/\/[^\s<>"]+$/i.test(address) || !URL.canParse(address)) return escapeHtml(address);
  const embedded = embeddedPlayer(new URL(address));
  if (embedded) return `<iframe src="${embedded}" width="560" height="315" allowfullscreen></iframe>`;
  return `<p><a href="${escapeHtml(address)}">${escapeHtml(address)}</a></p>`;
}

/** A recording, by its file's URL. */
export function mediaOf(tag: 'audio' | 'video', url: string): string {
  const src = escapeHtml(url.trim().replace(/&(?:amp|#0?38);/g, '&'));
  return `<${tag} controls src="${src}"></${tag}>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function embeddedPlayer(url: URL): string | null {
  const host = url.hostname.replace(/^(?:www|m)\./, '');
  const id = (value: string | null | undefined, pattern: RegExp) => (value && pattern.test(value) ? value : null);
  if (host === 'youtube.com' || host === 'youtu.be' || host === 'youtube-nocookie.com') {
    const path = /^\/(?:(?:embed|v|shorts|live)\/)?([^/]+)/.exec(url.pathname)?.[1];
    const video = id(url.searchParams.get('v') ?? path, /^[\w-]{11}$/);
    return video && `https://www.youtube-nocookie.com/embed/${video}`;
  }
  if (host === 'vimeo.com' || host === 'player.vimeo.com') {
    const video = id(/^\/(?:video\/)?(\d+)/.exec(url.pathname)?.[1], /^\d{1,12}$/);
    return video && `https://player.vimeo.com/video/${video}`;
  }
  return null;
}
