import type { SampleDiscussion } from '../sample-types.ts';

/** A closed discussion: its comments stay visible. */
export const tools: SampleDiscussion = {
  article: 'a-library-of-borrowed-tools',
  comments: [
    {
      author: 'juniper-lau',
      hoursAfter: 6.0,
      reactions: [18, 7, 0, 3, 0],
      markdown: 'The person with the pasta machine is me. I get it back for my birthday.',
    },
    {
      author: 'Lawn & Order',
      hoursAfter: 19.4,
      reactions: [5, 0, 2, 0, 0],
      markdown: 'And who is liable when somebody takes a finger off? “Insure Pavel” is a joke, I take it.',
      replies: [
        {
          author: 'ines-calloway',
          hoursAfter: 20.8,
          reactions: [11, 0, 4, 6, 0],
          markdown:
            'It is not. The association has public liability insurance, the chainsaw may only be used by people with a certificate, and that is Pavel. He has a laminated card.',
          replies: [
            {
              author: 'Lawn & Order',
              hoursAfter: 21.5,
              markdown: 'Then I have nothing to complain about, which ruins my evening.',
              reactions: [13, 2, 0, 16, 0],
            },
          ],
        },
      ],
    },
    {
      author: 'ines-calloway',
      hoursAfter: 720.0,
      reactions: [3, 4, 0, 0, 0],
      markdown:
        'I am closing the comments, since most of them are now about who has the fondue set. It is back. Thank you, Mr Petrov.',
    },
  ],
};
