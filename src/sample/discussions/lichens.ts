import type { SampleDiscussion } from '../sample-types.ts';

export const lichens: SampleDiscussion = {
  article: 'lichens-keep-slow-clocks',
  comments: [
    {
      author: 'dr-okonkwo',
      hoursAfter: 12.0,
      reactions: [13, 0, 10, 0, 0],
      markdown:
        'Good on the uncertainty. I would add one caution: gravestones get cleaned. A curve built on scrubbed stones makes every glacier look younger.',
      replies: [
        {
          author: 'tobias-adeyemi',
          hoursAfter: 13.5,
          reactions: [6, 0, 3, 0, 0],
          markdown: 'I had not thought of tidy descendants as a source of error. How do you correct for it?',
          replies: [
            {
              author: 'dr-okonkwo',
              hoursAfter: 15.1,
              reactions: [7, 0, 5, 4, 0],
              markdown: 'You measure many, take the largest, and prefer families who moved away.',
            },
          ],
        },
      ],
    },
    {
      author: 'oddny',
      hoursAfter: 60.6,
      markdown:
        'The orange on my roof began, as you say, where the gulls sit. It has now reached the aerial. I am told that this makes it art.',
      reactions: [5, 1, 0, 7, 0],
    },
  ],
};
