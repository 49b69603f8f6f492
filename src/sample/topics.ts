import type { SampleTopic } from './sample-types.ts';

export const topics: readonly SampleTopic[] = [
  {
    slug: 'cities',
    name: 'Cities',
    description: 'Streets, neighbours, timetables, and everything that has to be agreed on where many people live.',
  },
  {
    slug: 'nature',
    name: 'Nature',
    description: 'Tides, stones, birds and weeds: the parts of the world that keep their own calendar.',
  },
  {
    slug: 'craft',
    name: 'Craft',
    description: 'Making, mending and baking, by people who have got it wrong often enough to explain it.',
  },
  {
    slug: 'technology',
    name: 'Technology',
    description: 'How built things behave, from suspension bridges to databases.',
  },
  {
    slug: 'ideas',
    name: 'Ideas',
    description: 'Essays on things that are so common that nobody looks at them any more.',
  },
];
