import { ContentStager } from './content-stager.ts';
import type { ImportRequest, ReadFiles } from './import-format.ts';
import { importSite } from './import-site.ts';
import type { ImportReport } from './report.ts';

/** Imports what a format's reader finds in the files. */
export function importContent(request: ImportRequest, read: ReadFiles): Promise<ImportReport> {
  return importSite(request, ({ staging, report, progress }) =>
    read(request, {
      content: new ContentStager({ staging, report, copiesPictures: copiesPictures(request) }),
      progress,
    }),
  );
}

/** A dry run copies nothing. */
export function copiesPictures({ media = [], dryRun = false }: Pick<ImportRequest, 'media' | 'dryRun'>): boolean {
  return media.length > 0 && !dryRun;
}
