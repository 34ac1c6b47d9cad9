// The form that twine, and all that followed it, upload files with.
import { readFormData } from './form-data.ts';
import type { NamedFile } from './named-file.ts';

export function readPythonUpload(body: Buffer, contentType: string): NamedFile[] {
  const fields = readFormData(contentType, body);
  const text = (name: string): string => fields.get(name)?.content.toString('utf8', 0, MAX_NAME) ?? '';
  const file = fields.get('content');
  const [name, version] = [text('name'), text('version')];
  if (text(':action') !== 'file_upload' || file?.fileName === undefined || name === '' || version === '') {
    return [];
  }
  const fileName = file.fileName.slice(file.fileName.lastIndexOf('/') + 1);
  return [{ name, version, fileName, content: file.content }];
}

/** Of a name or a version, in bytes. */
const MAX_NAME = 1000;
