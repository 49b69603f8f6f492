import type { SampleDiscussion } from '../sample-types.ts';

export const hour: SampleDiscussion = {
  article: 'the-hour-the-city-changes-hands',
  comments: [
    {
      author: 'night-bus-ned',
      hoursAfter: 3.1,
      reactions: [24, 11, 0, 2, 0],
      markdown:
        'Rosalind trained me. She still listens for stones with the window open, in January. The rest of us just wear the draught.',
      replies: [
        {
          author: 'maren-holst',
          hoursAfter: 4.8,
          reactions: [6, 3, 0, 0, 0],
          markdown: 'She asked me to say that your cap is still in her locker.',
          replies: [
            { author: 'night-bus-ned', hoursAfter: 22.5, markdown: 'Since 2011!', reactions: [3, 1, 0, 12, 0] },
          ],
        },
      ],
    },
    {
      author: 'Bram de Wit',
      hoursAfter: 9.6,
      reactions: [7, 0, 2, 0, 0],
      markdown:
        'The exchange of objects is so well seen. I was a night porter for two winters and never once met the man whose chair I sat in. I knew his height, his tea and his opinion of the manager.',
    },
    {
      author: 'Hettie Bloom',
      hoursAfter: 30.2,
      markdown: 'What is the swan story? You cannot just write “a very calm swan” and walk away.',
      reactions: [15, 0, 0, 6, 0],
      replies: [
        {
          author: 'maren-holst',
          hoursAfter: 33.0,
          reactions: [17, 6, 0, 14, 0],
          markdown:
            'It sat on the points and would not move. Rosalind rang the bell. It looked at her. She got out and explained the timetable. It listened to the end and then left, on foot, by the stop.',
          replies: [
            {
              author: 'Goran',
              hoursAfter: 35.7,
              markdown: 'So it was waiting for the 5.',
              reactions: [8, 0, 0, 31, 0],
            },
          ],
        },
      ],
    },
    {
      author: 'samir-k',
      hoursAfter: 80.9,
      reactions: [4, 0, 1, 0, 1],
      markdown:
        'Lovely, but let us not make it too cosy. Those are hard hours for bad money, and most people in that tram with their eyes open are on their way to the second job.',
      replies: [
        {
          author: 'maren-holst',
          hoursAfter: 83.3,
          reactions: [9, 0, 5, 0, 0],
          markdown:
            'You are right, and I felt it while I was writing. The man in the paint-spattered trousers deserved a paragraph and got a nod. I am going back for it.',
        },
      ],
    },
  ],
};
