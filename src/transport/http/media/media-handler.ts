import { PICTURES_PATH } from '../../../../schema/content/picture/picture-name.ts';
import { type Pictures, StoreError } from '../../../media/index.ts';
import type { Admission } from '../../admission.ts';
import { overloadRefusal, type Refusal } from '../../refusal.ts';
import { allowOrigin, answerPreflight } from '../cors.ts';
import { type Handler, sendText } from '../handler.ts';
import { JSON_TYPE } from '../media-types.ts';
import { sendRefusal } from '../result-response.ts';
import { sendPicture } from './send-picture.ts';
import { STORE_FAILS, type UploadOptions, Uploads } from './upload.ts';

export interface MediaOptions extends UploadOptions {
  /** Null when pictures are not kept. */
  pictures: Pictures | null;
  admission: Admission;
  /** Origins whose pages may upload. */
  origins: readonly string[];
}

/** The handler of a path of pictures; null for any other path. */
export type MediaHandler = (path: string) => Handler | null;

/** Where pictures are uploaded. */
const UPLOAD_PATH = PICTURES_PATH.slice(0, -1);

export function createMediaHandler(options: MediaOptions): MediaHandler {
  const upload = createUploadHandler(options);
  return (path) => {
    if (path === UPLOAD_PATH) return upload;
    return path.startsWith(PICTURES_PATH) ? createPictureHandler(options, path.slice(PICTURES_PATH.length)) : null;
  };
}

const NOT_KEPT: Refusal = { status: 404, message: 'Pictures are not kept: MEDIA is not configured.' };

function createPictureHandler({ pictures, admission, log }: MediaOptions, name: string): Handler {
  return async (request, response, requestId) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return sendText(response, 405, 'Send a GET.');
    }
    if (pictures === null) return sendText(response, 404, NOT_KEPT.message);
    const share = admission.begin(admission.addressOf(request));
    if (typeof share === 'string') return sendRefusal(response, JSON_TYPE, overloadRefusal(share));
    response.once('close', () => share.release());
    const onFailure = (err: unknown): void =>
      log.error('A narrower form of a picture could not be made; the picture is shown instead', { requestId, err });
    try {
      await sendPicture(pictures, name, { request, response, onFailure });
    } catch (error) {
      if (!(error instanceof StoreError) || response.headersSent) throw error;
      log.error('A picture could not be read', { requestId, err: error });
      sendRefusal(response, JSON_TYPE, STORE_FAILS);
    }
  };
}

function createUploadHandler({ pictures, admission, origins, ...options }: MediaOptions): Handler {
  const uploads = pictures && new Uploads(pictures, options);
  return async (request, response, requestId) => {
    allowOrigin(origins, request, response);
    if (request.method === 'OPTIONS') return answerPreflight(origins, request, response);
    if (request.method !== 'POST')
      return sendRefusal(response, JSON_TYPE, { status: 405, message: 'Send a POST.', headers: { allow: 'POST' } });
    if (uploads === null) return sendRefusal(response, JSON_TYPE, NOT_KEPT);
    const share = admission.begin(admission.addressOf(request));
    if (typeof share === 'string') return sendRefusal(response, JSON_TYPE, overloadRefusal(share));
    response.once('close', () => share.release());
    await uploads.answer({ request, response, requestId });
  };
}
