import { updateHoldSettings } from '../../content/administration/hold-settings.ts';
import { ForbiddenError, InvalidInputError } from '../../content/errors.ts';
import { HoldSettings } from '../administration.ts';
import { builder } from '../builder.ts';

const UpdateHoldSettingsInput = builder.inputType('UpdateHoldSettingsInput', {
  description: 'Limits at which a comment is held. What is left out stays; null gives back the configured value.',
  fields: (t) => ({
    firstComment: t.boolean({ description: 'Hold the first comment of a guest or member.' }),
    links: t.int({ description: 'Least number of links; 0 turns the rule off, as below.' }),
    repeatedWithin: t.int({ description: 'Seconds within which a repeated text is held.' }),
    frequent: t.int({ description: 'Comments of one person within ten minutes after which the next is held.' }),
    busyArticle: t.int({ description: 'Comments on one article within a minute after which the next is held.' }),
    length: t.int({ description: 'Least number of characters.' }),
    shouting: t.int({ description: 'Least share of capital letters, in percent.' }),
  }),
});

builder.mutationField('updateHoldSettings', (t) =>
  t.field({
    type: HoldSettings,
    description: 'Sets limits for all gateways: at this one at once, at the others within some seconds. For admins.',
    args: { input: t.arg({ type: UpdateHoldSettingsInput, required: true, description: 'The limits.' }) },
    errors: {
      types: [InvalidInputError, ForbiddenError],
      result: { description: 'The limits were set.' },
      dataField: { name: 'settings', description: 'What holds now.' },
      union: { description: 'The limits, or the error that prevented the change.' },
    },
    resolve: (_, { input }, context) => updateHoldSettings(context, input),
  }),
);
