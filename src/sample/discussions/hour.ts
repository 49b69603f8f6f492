import type { SampleDiscussion } from '../shape.ts';

export const hour: SampleDiscussion = {
  article: 'the-hour-the-city-changes-hands',
  comments: [
    {
      by: 'night-bus-ned',
      at: 3.1,
      reactions: [24, 11, 0, 2, 0],
      says: 'Rosalind trained me. She still listens for stones with the window open, in January. The rest of us just wear the draught.',
      replies: [
        {
          by: 'maren-holst',
          at: 4.8,
          reactions: [6, 3, 0, 0, 0],
          says: 'She asked me to say that your cap is still in her locker.',
          replies: [{ by: 'night-bus-ned', at: 22.5, says: 'Since 2011!', reactions: [3, 1, 0, 12, 0] }],
        },
      ],
    },
    {
      by: 'Bram de Wit',
      at: 9.6,
      reactions: [7, 0, 2, 0, 0],
      says: 'The exchange of objects is so well seen. I was a night porter for two winters and never once met the man whose chair I sat in. I knew his height, his tea and his opinion of the manager.',
    },
    {
      by: 'Hettie Bloom',
      at: 30.2,
      says: 'What is the swan story? You cannot just write “a very calm swan” and walk away.',
      reactions: [15, 0, 0, 6, 0],
      replies: [
        {
          by: 'maren-holst',
          at: 33.0,
          reactions: [17, 6, 0, 14, 0],
          says: 'It sat on the points and would not move. Rosalind rang the bell. It looked at her. She got out and explained the timetable. It listened to the end and then left, on foot, by the stop.',
          replies: [{ by: 'Goran', at: 35.7, says: 'So it was waiting for the 5.', reactions: [8, 0, 0, 31, 0] }],
        },
      ],
    },
    {
      by: 'samir-k',
      at: 80.9,
      reactions: [4, 0, 1, 0, 1],
      says: 'Lovely, but let us not make it too cosy. Those are hard hours for bad money, and most people in that tram with their eyes open are on their way to the second job.',
      replies: [
        {
          by: 'maren-holst',
          at: 83.3,
          reactions: [9, 0, 5, 0, 0],
          says: 'You are right, and I felt it while I was writing. The man in the paint-spattered trousers deserved a paragraph and got a nod. I am going back for it.',
        },
      ],
    },
  ],
};
