import type { SampleDiscussion } from '../sample-types.ts';

export const names: SampleDiscussion = {
  article: 'naming-things-is-half-the-map',
  comments: [
    {
      author: 'samir-k',
      hoursAfter: 2.9,
      reactions: [14, 0, 3, 11, 0],
      markdown: 'I work in a codebase with a class called `ManagerManager`. It has a store and everything.',
      replies: [
        {
          author: 'wen-harada',
          hoursAfter: 3.4,
          reactions: [6, 0, 0, 15, 0],
          markdown: 'Who manages it?',
          replies: [
            {
              author: 'samir-k',
              hoursAfter: 3.8,
              markdown: '`ManagerManagerFactory`. I wish I were joking.',
              reactions: [5, 0, 0, 20, 4],
            },
          ],
        },
      ],
    },
    {
      author: 'Bram de Wit',
      hoursAfter: 27.0,
      markdown: 'We once delivered eleven parcels to Null Island. By the log, that is. They were in the van.',
      reactions: [9, 0, 0, 18, 0],
    },
  ],
};
