import type { SampleDiscussion } from '../shape.ts';

const HELD = ['Every comment on this article waits for a moderator.'];

/** Every comment here waited for a moderator; two still do, and one was not let through. */
export const tides: SampleDiscussion = {
  article: 'how-to-read-a-tide-table',
  comments: [
    {
      by: 'Eilidh',
      at: 14.0,
      holdReasons: HELD,
      reactions: [19, 0, 11, 0, 0],
      says: 'Lifeboat volunteer. Print it, laminate it, nail it to the car park. The one thing I would add: if you *are* cut off, ring early. We would rather come out for nothing.',
      replies: [
        {
          by: 'tobias-adeyemi',
          at: 16.2,
          reactions: [10, 0, 0, 0, 0],
          says: 'Thank you, and thank you for going out. I shall add your sentence to the list.',
        },
        {
          by: 'Goran',
          at: 40.0,
          status: 'PENDING',
          holdReasons: HELD,
          says: 'Which number, the general emergency one, or is there a number for the coast?',
        },
      ],
    },
    {
      by: 'p-varga',
      at: 21.9,
      holdReasons: HELD,
      reactions: [4, 0, 5, 0, 0],
      says: 'The rule of twelfths assumes a sine. Where the curve has a stand or a double high water, as at Southampton, it is quite wrong.',
      replies: [
        {
          by: 'tobias-adeyemi',
          at: 23.0,
          reactions: [3, 0, 4, 0, 0],
          says: 'Quite right. It is a rule for open coasts, and for sandwiches.',
        },
      ],
    },
    {
      by: 'ivo',
      at: 90.3,
      status: 'REJECTED',
      holdReasons: HELD,
      says: 'Nonsense, I have walked out at any time for thirty years and nothing ever happened.',
    },
    {
      by: 'Agnes',
      at: 300.5,
      status: 'PENDING',
      holdReasons: HELD,
      says: 'Does the fifty minutes hold in summer time as well? My booklet seems to disagree with my watch.',
    },
  ],
};
