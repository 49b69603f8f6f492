import type { SampleDiscussion } from '../shape.ts';

export const bridges: SampleDiscussion = {
  article: 'why-bridges-hum',
  comments: [
    {
      by: 'Dev',
      at: 5.4,
      reactions: [9, 0, 6, 0, 0],
      says: 'Thank you for getting Tacoma right. My teacher had the wine glass *and* the soprano.',
      replies: [
        {
          by: 'tobias-adeyemi',
          at: 6.2,
          reactions: [4, 0, 0, 3, 0],
          says: 'So did mine. I believe that it is the same slide, handed down.',
        },
      ],
    },
    {
      by: 'halftone',
      at: 18.7,
      says: '400 Hz is a little sharp of G, no? G4 is 392.',
      reactions: [3, 0, 4, 0, 0],
      replies: [
        {
          by: 'tobias-adeyemi',
          at: 20.0,
          reactions: [8, 0, 1, 6, 0],
          says: 'By 35 cents. The wind would not hold still for tuning.',
          replies: [{ by: 'halftone', at: 21.1, says: 'Accepted, with a fermata.', reactions: [2, 0, 0, 9, 0] }],
        },
      ],
    },
    {
      by: 'Carla M.',
      at: 44.0,
      reactions: [11, 3, 0, 5, 0],
      says: 'Tried it on the railway footbridge. It hums an E, roughly. A man asked whether I was all right. I said listen. Now there are two of us.',
    },
  ],
};
