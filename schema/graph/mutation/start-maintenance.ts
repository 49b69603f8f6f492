import { startMaintenance } from '../../content/administration/maintenance-tasks.ts';
import { ForbiddenError } from '../../content/errors.ts';
import { MaintenanceKind, MaintenanceTask } from '../administration.ts';
import { builder } from '../builder.ts';

const StartMaintenanceInput = builder.inputType('StartMaintenanceInput', {
  description: 'Work that takes longer than a request.',
  fields: (t) => ({ kind: t.field({ type: MaintenanceKind, required: true, description: 'What is done.' }) }),
});

builder.mutationField('startMaintenance', (t) =>
  t.field({
    type: MaintenanceTask,
    description:
      'Has one of the gateways do this work; `administration.maintenance` says how far it is. One of the same kind that waits or runs is not begun twice: the payload is that one. For admins.',
    args: { input: t.arg({ type: StartMaintenanceInput, required: true, description: 'The work.' }) },
    errors: {
      types: [ForbiddenError],
      result: { description: 'The work was asked for.' },
      dataField: { name: 'task', description: 'The work.' },
      union: { description: 'The work, or the error that prevented it.' },
    },
    resolve: (_, { input }, context) => startMaintenance(context, input.kind),
  }),
);
