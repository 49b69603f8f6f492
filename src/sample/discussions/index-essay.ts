import type { SampleDiscussion } from '../sample-types.ts';

export const indexEssay: SampleDiscussion = {
  article: 'in-praise-of-the-back-of-the-book',
  comments: [
    {
      author: 'halftone',
      hoursAfter: 7.7,
      reactions: [16, 9, 2, 0, 0],
      markdown:
        'Every typesetter who reads this has just stood up and saluted. The index arrives last, when there is no time and no paper left, and it is always the cleanest manuscript of all.',
      replies: [
        {
          author: 'Hettie Bloom',
          hoursAfter: 25.3,
          reactions: [12, 6, 0, 0, 0],
          markdown:
            'Indexer, nineteen years. I am reading this at my desk with something in my eye. My favourite entry of my own: **patience**, *see* author.',
          replies: [
            {
              author: 'maren-holst',
              hoursAfter: 26.0,
              reactions: [9, 4, 0, 8, 0],
              markdown: 'May I steal this? With a reference, of course. Two, if you count the *see also*.',
            },
          ],
        },
      ],
    },
    {
      author: 'ivo',
      hoursAfter: 49.2,
      reactions: [2, 0, 1, 0, 0],
      markdown: 'Devil’s advocate: a decent search with synonyms does numbers 1 and 2 on your list already.',
      replies: [
        {
          author: 'wen-harada',
          hoursAfter: 51.6,
          reactions: [7, 0, 6, 0, 0],
          markdown:
            'As the person who runs our search: it does the first, on a good day. The second is beyond it, and the fourth it cannot even want.',
        },
      ],
    },
  ],
};
