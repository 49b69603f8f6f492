import type { SampleDiscussion } from '../sample-types.ts';
import { grassObjections } from './grass-objections.ts';

export const grass: SampleDiscussion = {
  article: 'let-the-grass-grow-late',
  comments: [
    {
      author: 'maren-holst',
      hoursAfter: 0.4,
      pinned: true,
      reactions: [18, 6, 4, 0, 0],
      markdown:
        'I shall be in and out of here all week. If you have a strip of your own, tell me where it is and **when it is cut**: I am collecting dates for a follow-up.',
      replies: [
        {
          author: 'oddny',
          hoursAfter: 2.1,
          reactions: [5, 3, 0, 0, 0],
          markdown:
            'Leith Links, the eastern edge. Cut in the second week of August, by a man who stops the tractor for hedgehogs.',
          replies: [
            { author: 'maren-holst', hoursAfter: 2.6, reactions: [3, 2, 0, 1, 0], markdown: 'Noted, tractor and all.' },
            {
              author: 'Eilidh',
              hoursAfter: 9.2,
              markdown: 'I know him! It was one hedgehog, once. He has been living off it for years.',
              reactions: [4, 0, 0, 11, 0],
            },
          ],
        },
        {
          author: 'Bram de Wit',
          hoursAfter: 7.5,
          markdown:
            'Utrecht, the dyke behind the goods yard. First cut 15 June, second in September. The sheep do the rest.',
          reactions: [2, 0, 1, 0, 0],
        },
      ],
    },
    ...grassObjections,
    {
      author: 'night-bus-ned',
      hoursAfter: 26.1,
      reactions: [15, 9, 0, 2, 0],
      markdown:
        'I drive past that strip eleven times a night. About three weeks ago there was a hare sitting in it, upright, watching the trams like somebody waiting for a friend. Whatever else is said here, I would like that entered in the record.',
      replies: [
        { author: 'maren-holst', hoursAfter: 27.0, reactions: [7, 8, 0, 0, 0], markdown: 'It is entered.' },
        {
          author: 'Carla M.',
          hoursAfter: 33.7,
          markdown: 'Number 5 line? I have seen it too! I thought that I was just tired.',
          reactions: [4, 1, 0, 1, 0],
        },
      ],
    },
    {
      author: 'best-mower-deals',
      hoursAfter: 31.0,
      status: 'SPAM',
      holdReasons: ['Has three links.'],
      markdown: 'Best robot mowers -70% https://mowers.example/a https://mowers.example/b https://mowers.example/c',
    },
    {
      author: 'halftone',
      hoursAfter: 40.8,
      reactions: [6, 1, 0, 4, 0],
      markdown: '“Let a dog think about it” is the best category in any survey that I have ever set in type.',
    },
    {
      author: 'Dev',
      hoursAfter: 52.3,
      reactions: [3, 0, 2, 0, 0],
      markdown:
        'A practical question. I sit on the committee of a block with a shared lawn of about 300 m². Nobody owns a machine for long grass and nobody wants to. Is this doable with hand tools?',
      replies: [
        {
          author: 'ines-calloway',
          hoursAfter: 54.0,
          reactions: [9, 2, 1, 3, 0],
          markdown:
            'A scythe. I mean it. An evening to learn, two hours for your lawn, no noise, and the whole block will come out to watch. We lend two from the library; Pavel teaches.',
          replies: [
            {
              author: 'Dev',
              hoursAfter: 55.1,
              markdown:
                'I have just read the tool library piece. Does Pavel come with the scythe as he does with the chainsaw?',
              reactions: [2, 0, 0, 5, 0],
              replies: [
                {
                  author: 'ines-calloway',
                  hoursAfter: 55.6,
                  markdown: 'Pavel comes with everything.',
                  reactions: [5, 3, 0, 9, 0],
                },
              ],
            },
            {
              author: 'oddny',
              hoursAfter: 60.2,
              markdown:
                'Mow at six in the morning, when it is wet. A scythe likes dew, and the neighbours like that you are quiet.',
              reactions: [8, 0, 6, 0, 0],
            },
          ],
        },
      ],
    },
    {
      author: 'Hettie Bloom',
      hoursAfter: 71.5,
      reactions: [5, 2, 0, 0, 0],
      markdown:
        'I did throw in a packet of seeds once, by a different tram stop. I always wondered whether anybody noticed. *Centaurea cyanus*, from the ironmonger, 90 cents.',
      replies: [
        {
          author: 'maren-holst',
          hoursAfter: 73.2,
          reactions: [6, 7, 0, 0, 0],
          markdown:
            'Somebody rang the town hall for three weeks to find out what the blue ones were called. You were noticed.',
        },
      ],
    },
    {
      author: 'Goran',
      hoursAfter: 95.4,
      status: 'PENDING',
      holdReasons: ['Has a link to a page that was not linked here before.'],
      markdown: 'Ours is at the old barracks, cut on 1 August. Photographs: https://goran.example/barracks',
    },
    {
      author: 'Eilidh',
      hoursAfter: 110.6,
      reactions: [2, 0, 0, 0, 0],
      markdown:
        'Read this on the tram, looked up, and there it was. Short grass with a sign: *next cut 28 July*. Did you have anything to do with that?',
    },
  ],
};
