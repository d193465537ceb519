import { renderCsv } from './csv.js';
import { formatNames, type ReportFormat } from './format-names.js';
import { renderHgrm } from './hgrm.js';
import { renderHlog } from './hlog.js';
import { renderHtml } from './html/page.js';
import { renderJunit } from './junit.js';
import { renderMarkdown } from './markdown.js';
import type { Report } from './report.js';
import { renderText } from './text.js';

interface FormatDefinition {
  /** The name of its file in a run's folder; the ending says the format where a user names another. */
  readonly fileName: string;
  readonly render: (report: Report) => string;
}

/** What makes each of them. */
export const reportFormats: Readonly<Record<ReportFormat, FormatDefinition>> = {
  html: { fileName: 'report.html', render: renderHtml },
  text: { fileName: 'report.txt', render: (report) => renderText(report, { color: false, columns: 100 }) },
  markdown: { fileName: 'report.md', render: renderMarkdown },
  json: { fileName: 'report.json', render: (report) => `${JSON.stringify(report, null, 2)}\n` },
  csv: { fileName: 'report.csv', render: renderCsv },
  junit: { fileName: 'report.xml', render: renderJunit },
  hlog: { fileName: 'report.hlog', render: renderHlog },
  hgrm: { fileName: 'report.hgrm', render: (report) => renderHgrm(report) },
};

/** The format that a file's ending means; undefined where it means none. */
export function formatOfFile(file: string): ReportFormat | undefined {
  return formatNames.find((format) => file.endsWith(reportFormats[format].fileName.slice('report'.length)));
}
