/** The folder beside an archive with the files of its pictures: `site.media` of `site.ndjson` and of `site.ndjson.gz`. */
export function mediaFolderOf(file: string): string {
  return `${file.replace(/(\.ndjson|\.jsonl?)?(\.gz)?$/i, '')}.media`;
}
