// The program of the process that decodes pictures. A damaged picture that crashes a decoder ends this process alone, which
// has neither connections nor secrets.

import sharp, { type Sharp } from 'sharp';
import { MAX_PICTURE_SIDE } from '../../schema/content/picture/picture-name.ts';
import { lowerPriority } from '../lower-priority.ts';
import { type ConvertedPicture, OUT_OF_MEMORY, type PictureAnswer, type PictureTask } from './picture-task.ts';

/** Pixels of a picture, all frames together: a camera of 50 megapixels, or an animation of some hundred frames. */
const MAX_PIXELS = 64_000_000;
/** Seconds after which libvips gives up by itself. The process is ended a little later. */
const GIVE_UP_AFTER = 20;
/** Bytes of memory. A progressive JPEG of 50 megapixels takes 400 MB. */
const MAX_MEMORY = 1_000_000_000;
const MEMORY_CHECK_EVERY = 50;

const QUALITY = { stored: 85, narrower: 78 };

// What other libraries of libvips could read, such as SVG and TIFF, is refused also where it looks like a picture.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpeg',
    'VipsForeignLoadPng',
    'VipsForeignLoadWebp',
    'VipsForeignLoadNsgif',
    'VipsForeignLoadHeif',
  ],
});
sharp.cache(false);
sharp.concurrency(1);
lowerPriority();
// A terminal sends them to all of its processes. The gateway ends this one when it has finished.
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('disconnect', () => process.exit());
setInterval(() => {
  if (process.memoryUsage.rss() > MAX_MEMORY) process.exit(OUT_OF_MEMORY);
}, MEMORY_CHECK_EVERY);

function answer(message: PictureAnswer): void {
  process.send!(message);
}

async function convert({ bytes, width }: PictureTask): Promise<PictureAnswer> {
  const input = Buffer.from(bytes);
  const {
    format,
    pages = 1,
    pageHeight,
    ...size
  } = await sharp(input, { animated: true, limitInputPixels: false }).metadata();
  const height = pageHeight ?? size.height;
  if (size.width * height * pages > MAX_PIXELS || Math.max(size.width, height) > MAX_PICTURE_SIDE)
    return { fault: 'TOO_MANY_PIXELS', message: describeSize({ width: size.width, height, pages }) };
  const decoded = sharp(input, { animated: pages > 1, limitInputPixels: MAX_PIXELS, failOn: 'error' }).timeout({
    seconds: GIVE_UP_AFTER,
  });
  // The frames of an animation are one below the other, and would be turned together.
  const picture = pages > 1 ? decoded : decoded.autoOrient();
  const output =
    width === null ? storedForm(picture, { format, isPalette: size.isPalette }) : narrowerForm(picture, width);
  const { data, info } = await output.picture.toBuffer({ resolveWithObject: true });
  const frame = info.pageHeight ?? info.height;
  return { converted: { bytes: data, width: info.width, height: frame, extension: output.extension } };
}

function describeSize({ width, height, pages }: { width: number; height: number; pages: number }): string {
  const frames = pages > 1 ? ` with ${pages} frames` : '';
  return `The picture has ${width} x ${height} pixels${frames}; a side may have ${MAX_PICTURE_SIDE}, and all together ${MAX_PIXELS / 1_000_000} million.`;
}

interface Output extends Pick<ConvertedPicture, 'extension'> {
  picture: Sharp;
}

/** The picture without what cameras and programs have written beside it, such as the place where it was taken. */
function storedForm(picture: Sharp, { format, isPalette }: { format: string; isPalette: boolean }): Output {
  if (format === 'jpeg') return { picture: picture.jpeg({ quality: QUALITY.stored }), extension: 'jpg' };
  if (format === 'png') return { picture: picture.png({ compressionLevel: 9, palette: isPalette }), extension: 'png' };
  if (format === 'gif') return { picture: picture.gif(), extension: 'gif' };
  return { picture: picture.webp({ quality: QUALITY.stored }), extension: 'webp' };
}

function narrowerForm(picture: Sharp, width: number): Output {
  return { picture: picture.resize({ width }).webp({ quality: QUALITY.narrower }), extension: 'webp' };
}

process.on('message', (task: PictureTask) => {
  convert(task).then(answer, (error: Error) =>
    answer(
      /timeout/i.test(error.message)
        ? { fault: 'TOO_COMPLEX', message: 'Decoding the picture takes too long.' }
        : { fault: 'UNREADABLE', message: `The picture cannot be read: ${error.message.split('\n', 1)[0]}` },
    ),
  );
});
answer({ ready: true });
