import type { SampleDiscussion } from '../sample-types.ts';

const HELD = ['Every comment on this article waits for a moderator.'];

/** A moderated discussion: two comments are pending, and one was rejected. */
export const tides: SampleDiscussion = {
  article: 'how-to-read-a-tide-table',
  comments: [
    {
      author: 'Eilidh',
      hoursAfter: 14.0,
      holdReasons: HELD,
      reactions: [19, 0, 11, 0, 0],
      markdown:
        'Lifeboat volunteer. Print it, laminate it, nail it to the car park. The one thing I would add: if you *are* cut off, ring early. We would rather come out for nothing.',
      replies: [
        {
          author: 'tobias-adeyemi',
          hoursAfter: 16.2,
          reactions: [10, 0, 0, 0, 0],
          markdown: 'Thank you, and thank you for going out. I shall add your sentence to the list.',
        },
        {
          author: 'Goran',
          hoursAfter: 40.0,
          status: 'PENDING',
          holdReasons: HELD,
          markdown: 'Which number, the general emergency one, or is there a number for the coast?',
        },
      ],
    },
    {
      author: 'p-varga',
      hoursAfter: 21.9,
      holdReasons: HELD,
      reactions: [4, 0, 5, 0, 0],
      markdown:
        'The rule of twelfths assumes a sine. Where the curve has a stand or a double high water, as at Southampton, it is quite wrong.',
      replies: [
        {
          author: 'tobias-adeyemi',
          hoursAfter: 23.0,
          reactions: [3, 0, 4, 0, 0],
          markdown: 'Quite right. It is a rule for open coasts, and for sandwiches.',
        },
      ],
    },
    {
      author: 'ivo',
      hoursAfter: 90.3,
      status: 'REJECTED',
      holdReasons: HELD,
      markdown: 'Nonsense, I have walked out at any time for thirty years and nothing ever happened.',
    },
    {
      author: 'Agnes',
      hoursAfter: 300.5,
      status: 'PENDING',
      holdReasons: HELD,
      markdown: 'Does the fifty minutes hold in summer time as well? My booklet seems to disagree with my watch.',
    },
  ],
};
