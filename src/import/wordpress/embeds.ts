import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import { EMBED_HOSTS } from '../../../schema/content/text/sanitize-attributes.ts';

/** Pixels of a player that has no size of its own. */
const PLAYER_SIZE = { width: '560', height: '315' };

/**
 * HTML for the address of something that was embedded: a player if it is known, else a link.
 *
 * @param frame the attributes of the element that embedded it. Without them it is the address of a page
 */
export function embedHtml(url: string, frame?: ReadonlyMap<string, string>): string {
  const address = unescapeAmpersands(url.trim());
  if (!isWebAddress(address)) return escapeHtml(address);
  const player = playerUrl(new URL(address)) ?? (frame && framedPlayer(new URL(address)));
  if (!player) return linkHtml(address);
  const size = (name: 'width' | 'height') => (/^\d{1,5}$/.exec(frame?.get(name) ?? '') ?? [PLAYER_SIZE[name]])[0];
  return `<iframe src="${escapeHtml(player)}" width="${size('width')}" height="${size('height')}" allowfullscreen></iframe>`;
}

/** A paragraph with a link that shows its address. */
export function linkHtml(url: string): string {
  const address = unescapeAmpersands(url.trim());
  if (!isWebAddress(address)) return escapeHtml(address);
  return `<p><a href="${escapeHtml(address)}">${escapeHtml(address)}</a></p>`;
}

function isWebAddress(address: string): boolean {
  return /^https?:\/\/[^\s<>"]+$/i.test(address) && parseUrl(address) !== null;
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

/** The address of a frame of another player that articles may have, over https. */
function framedPlayer(url: URL): string | null {
  return EMBED_HOSTS.has(url.hostname) ? url.href.replace(/^http:/, 'https:') : null;
}

/** The player for the address of a video's page, of its file for old plug-ins, or of its player. */
function playerUrl(url: URL): string | null {
  const host = url.hostname.replace(/^(?:www|m|player|geo)\./, '');
  if (host === 'youtube.com' || host === 'youtu.be' || host === 'youtube-nocookie.com') return youtubePlayer(url);
  if (host === 'vimeo.com') {
    const [, video, key] = /^\/(?:.*\/)?(\d{1,12})(?:\/([0-9a-f]{6,20}))?\/?$/.exec(url.pathname) ?? [];
    const id = video ?? /^\d{1,12}$/.exec(url.searchParams.get('clip_id') ?? '')?.[0];
    const secret = key ?? /^[0-9a-f]{6,20}$/.exec(url.searchParams.get('h') ?? '')?.[0];
    return id ? `https://player.vimeo.com/video/${id}${secret ? `?h=${secret}` : ''}` : null;
  }
  if (host === 'dailymotion.com' || host === 'dai.ly') {
    const path = /^\/(?:embed\/)?(?:(?:video|swf)\/(?:video\/)?)?([a-z0-9]{5,20})(?:[_&].*)?$/i.exec(url.pathname)?.[1];
    return path ? `https://www.dailymotion.com/embed/video/${path}` : null;
  }
  return null;
}

function youtubePlayer(url: URL): string | null {
  const path = /^\/(?:(?:embed|v|shorts|live)\/)?([\w-]{11})(?![\w-])/.exec(url.pathname)?.[1];
  const video = /^[\w-]{11}/.exec(url.searchParams.get('v') ?? '')?.[0] ?? path;
  const list = /^[\w-]{10,60}$/.exec(url.searchParams.get('list') ?? '')?.[0];
  if (video === undefined || video === 'videoseries') {
    return list ? `https://www.youtube-nocookie.com/embed/videoseries?list=${list}` : null;
  }
  const [, hours, minutes, seconds] =
    /^(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?$/.exec(
      url.searchParams.get('start') ?? url.searchParams.get('t') ?? '',
    ) ?? [];
  const start = Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return `https://www.youtube-nocookie.com/embed/${video}${start > 0 ? `?start=${start}` : ''}`;
}
