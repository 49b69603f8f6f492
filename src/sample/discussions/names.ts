import type { SampleDiscussion } from '../shape.ts';

export const names: SampleDiscussion = {
  article: 'naming-things-is-half-the-map',
  comments: [
    {
      by: 'samir-k',
      at: 2.9,
      reactions: [14, 0, 3, 11, 0],
      says: 'I work in a codebase with a class called `ManagerManager`. It has a store and everything.',
      replies: [
        {
          by: 'wen-harada',
          at: 3.4,
          reactions: [6, 0, 0, 15, 0],
          says: 'Who manages it?',
          replies: [
            {
              by: 'samir-k',
              at: 3.8,
              says: '`ManagerManagerFactory`. I wish I were joking.',
              reactions: [5, 0, 0, 20, 4],
            },
          ],
        },
      ],
    },
    {
      by: 'Bram de Wit',
      at: 27.0,
      says: 'We once delivered eleven parcels to Null Island. By the log, that is. They were in the van.',
      reactions: [9, 0, 0, 18, 0],
    },
  ],
};
