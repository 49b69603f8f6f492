/** HTML for a URL on a line of its own or in an `[embed]`: a player for a video of YouTube or Vimeo, else a link. */
export function embedHtml(url: string): string {
  const address = unescapeAmpersands(url.trim());
  if (!/^https?:\/\/[^\s<>"]+$/i.test(address) || !URL.canParse(address)) return escapeHtml(address);
  const player = playerUrl(new URL(address));
  if (player) return `<iframe src="${player}" width="560" height="315" allowfullscreen></iframe>`;
  return `<p><a href="${escapeHtml(address)}">${escapeHtml(address)}</a></p>`;
}

/** An audio or video element for the URL of a media file. */
export function mediaHtml(tag: 'audio' | 'video', url: string): string {
  const src = escapeHtml(unescapeAmpersands(url.trim()));
  return `<${tag} controls src="${src}"></${tag}>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function unescapeAmpersands(url: string): string {
  return url.replace(/&(?:amp|#0?38);/g, '&');
}

function playerUrl(url: URL): string | null {
  const host = url.hostname.replace(/^(?:www|m)\./, '');
  const valid = (id: string | null | undefined, pattern: RegExp) => (id && pattern.test(id) ? id : null);
  if (host === 'youtube.com' || host === 'youtu.be' || host === 'youtube-nocookie.com') {
    const path = /^\/(?:(?:embed|v|shorts|live)\/)?([^/]+)/.exec(url.pathname)?.[1];
    const video = valid(url.searchParams.get('v') ?? path, /^[\w-]{11}$/);
    return video && `https://www.youtube-nocookie.com/embed/${video}`;
  }
  if (host === 'vimeo.com' || host === 'player.vimeo.com') {
    const video = valid(/^\/(?:video\/)?(\d+)/.exec(url.pathname)?.[1], /^\d{1,12}$/);
    return video && `https://player.vimeo.com/video/${video}`;
  }
  return null;
}
