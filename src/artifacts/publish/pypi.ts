// The form that twine, and all that followed it, upload files with.
import type { Identity } from '../recogniser.ts';
import { readFormData } from './form-data.ts';
import type { Sent } from './receive.ts';

type Identify = (name: string, version: string, fileName: string) => Identity;

export function readPythonUpload(contentType: string, body: Buffer, identify: Identify): Sent[] {
  const fields = readFormData(contentType, body);
  const text = (name: string): string => fields.get(name)?.content.toString('utf8') ?? '';
  const file = fields.get('content');
  const [name, version] = [text('name'), text('version')];
  if (text(':action') !== 'file_upload' || file?.fileName === undefined || name === '' || version === '') {
    return [];
  }
  const fileName = file.fileName.slice(file.fileName.lastIndexOf('/') + 1);
  return [{ identity: identify(name, version, fileName), content: file.content }];
}
