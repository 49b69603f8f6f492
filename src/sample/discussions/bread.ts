import type { SampleDiscussion } from '../sample-types.ts';

export const bread: SampleDiscussion = {
  article: 'a-bread-that-forgives-you',
  comments: [
    {
      author: 'Agnes',
      hoursAfter: 20.0,
      reactions: [12, 5, 0, 1, 0],
      markdown: 'Forgot it from Friday to Sunday. It smelled like a brewery and I baked it anyway. It forgave me.',
      replies: [
        {
          author: 'ines-calloway',
          hoursAfter: 21.2,
          reactions: [8, 4, 0, 0, 0],
          markdown: 'Two days! I have never dared. Was the crumb sour, or just brave?',
          replies: [{ author: 'Agnes', hoursAfter: 22.7, markdown: 'Brave.', reactions: [6, 2, 0, 7, 0] }],
        },
      ],
    },
    {
      author: 'Father of three',
      hoursAfter: 26.5,
      markdown: 'No iron pot here. Will a roasting tin turned upside down over a baking sheet do?',
      reactions: [3, 0, 0, 0, 0],
      replies: [
        {
          author: 'ines-calloway',
          hoursAfter: 28.0,
          reactions: [7, 0, 6, 0, 0],
          markdown:
            'Yes, as long as it keeps the steam in. Throw half a cup of water on the sheet as you close it, and stand back.',
        },
        {
          author: 'Eilidh',
          hoursAfter: 31.4,
          markdown: 'I use a flowerpot. New, unglazed, soaked for an hour. It looks ridiculous and works perfectly.',
          reactions: [5, 0, 2, 3, 0],
        },
      ],
    },
    {
      author: 'p-varga',
      hoursAfter: 48.3,
      markdown:
        '375 of 500 is 75 %, so the table is right; but with 20 % wholemeal I would call that on the dry side. 390?',
      reactions: [2, 0, 3, 0, 0],
      replies: [
        {
          author: 'ines-calloway',
          hoursAfter: 50.1,
          reactions: [4, 0, 2, 0, 0],
          markdown:
            'For your hands, 390. I wrote 375 for the hands of someone who has never done it, at eleven at night.',
        },
      ],
    },
    {
      author: 'juniper-lau',
      hoursAfter: 120.4,
      reactions: [9, 8, 0, 0, 0],
      markdown: 'Third loaf. My flatmate, who “does not really eat bread”, has asked when the fourth one is.',
    },
    {
      author: 'best-mower-deals',
      hoursAfter: 130.0,
      status: 'SPAM',
      holdReasons: ['Its writer sent spam before.'],
      markdown: 'Great post! Also see https://mowers.example/bread-makers',
    },
  ],
};
