import type { SampleDiscussion } from '../sample-types.ts';

export const bridges: SampleDiscussion = {
  article: 'why-bridges-hum',
  comments: [
    {
      author: 'Dev',
      hoursAfter: 5.4,
      reactions: [9, 0, 6, 0, 0],
      markdown: 'Thank you for getting Tacoma right. My teacher had the wine glass *and* the soprano.',
      replies: [
        {
          author: 'tobias-adeyemi',
          hoursAfter: 6.2,
          reactions: [4, 0, 0, 3, 0],
          markdown: 'So did mine. I believe that it is the same slide, handed down.',
        },
      ],
    },
    {
      author: 'halftone',
      hoursAfter: 18.7,
      markdown: '400 Hz is a little sharp of G, no? G4 is 392.',
      reactions: [3, 0, 4, 0, 0],
      replies: [
        {
          author: 'tobias-adeyemi',
          hoursAfter: 20.0,
          reactions: [8, 0, 1, 6, 0],
          markdown: 'By 35 cents. The wind would not hold still for tuning.',
          replies: [
            { author: 'halftone', hoursAfter: 21.1, markdown: 'Accepted, with a fermata.', reactions: [2, 0, 0, 9, 0] },
          ],
        },
      ],
    },
    {
      author: 'Carla M.',
      hoursAfter: 44.0,
      reactions: [11, 3, 0, 5, 0],
      markdown:
        'Tried it on the railway footbridge. It hums an E, roughly. A man asked whether I was all right. I said listen. Now there are two of us.',
    },
  ],
};
