import type { SampleDiscussion } from '../shape.ts';

export const bread: SampleDiscussion = {
  article: 'a-bread-that-forgives-you',
  comments: [
    {
      by: 'Agnes',
      at: 20.0,
      reactions: [12, 5, 0, 1, 0],
      says: 'Forgot it from Friday to Sunday. It smelled like a brewery and I baked it anyway. It forgave me.',
      replies: [
        {
          by: 'ines-calloway',
          at: 21.2,
          reactions: [8, 4, 0, 0, 0],
          says: 'Two days! I have never dared. Was the crumb sour, or just brave?',
          replies: [{ by: 'Agnes', at: 22.7, says: 'Brave.', reactions: [6, 2, 0, 7, 0] }],
        },
      ],
    },
    {
      by: 'Father of three',
      at: 26.5,
      says: 'No iron pot here. Will a roasting tin turned upside down over a baking sheet do?',
      reactions: [3, 0, 0, 0, 0],
      replies: [
        {
          by: 'ines-calloway',
          at: 28.0,
          reactions: [7, 0, 6, 0, 0],
          says: 'Yes, as long as it keeps the steam in. Throw half a cup of water on the sheet as you close it, and stand back.',
        },
        {
          by: 'Eilidh',
          at: 31.4,
          says: 'I use a flowerpot. New, unglazed, soaked for an hour. It looks ridiculous and works perfectly.',
          reactions: [5, 0, 2, 3, 0],
        },
      ],
    },
    {
      by: 'p-varga',
      at: 48.3,
      says: '375 of 500 is 75 %, so the table is right; but with 20 % wholemeal I would call that on the dry side. 390?',
      reactions: [2, 0, 3, 0, 0],
      replies: [
        {
          by: 'ines-calloway',
          at: 50.1,
          reactions: [4, 0, 2, 0, 0],
          says: 'For your hands, 390. I wrote 375 for the hands of someone who has never done it, at eleven at night.',
        },
      ],
    },
    {
      by: 'juniper-lau',
      at: 120.4,
      reactions: [9, 8, 0, 0, 0],
      says: 'Third loaf. My flatmate, who “does not really eat bread”, has asked when the fourth one is.',
    },
    {
      by: 'best-mower-deals',
      at: 130.0,
      status: 'SPAM',
      holdReasons: ['Its writer sent spam before.'],
      says: 'Great post! Also see https://mowers.example/bread-makers',
    },
  ],
};
