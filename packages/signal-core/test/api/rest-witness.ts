import { at, judging, readDocument } from './api-document.ts';

const openApi = readDocument('openapi.json');
const judge = judging(openApi, '2020-12');

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** One line for each kind of answer: `get /api/users 401 token_expired`. */
export function documentedAnswers(isOurs: (operation: { tags: string[] }) => boolean): string[] {
  return Object.entries(Object(openApi.paths)).flatMap(([path, methods]) =>
    Object.entries(Object(methods)).flatMap(([method, operation]) =>
      isOurs(Object(operation))
        ? Object.entries(Object(operation).responses).flatMap(([status, response]) => {
            const codes: string[] | undefined =
              Object(response).content['application/json']?.schema.allOf?.[1].properties.code.enum;
            return codes === undefined
              ? [`${method} ${path} ${status}`]
              : codes.map((code) => `${method} ${path} ${status} ${code}`);
          })
        : [],
    ),
  );
}

/** What is wrong with an answer by the document, and the line of {@link documentedAnswers} that it is. */
export async function judgeAnswer(
  method: 'get' | 'post',
  response: Response,
): Promise<{ line: string; problems: string[] }> {
  const path = new URL(response.url).pathname;
  const place = `#/paths/${escaped(path)}/${method}/responses/${response.status}`;
  const documented = Object(at(openApi, place));
  const contentType = response.headers.get('content-type')?.split(';')[0] ?? '';
  const text = await response.text();
  const body: unknown = contentType === 'application/json' ? JSON.parse(text) : text;
  const headers = Object.entries(Object(documented.headers)).flatMap(([name, header]) => {
    const value = response.headers.get(name);
    const found = /^\d+$/.test(value ?? '') ? Number(value) : value;
    return judge(`${Object(header).$ref}/schema`, found).map((problem) => `${name}: ${problem}`);
  });
  const code = typeof body === 'object' && body !== null && 'code' in body ? ` ${body.code}` : '';
  return {
    line: `${method} ${path} ${response.status}${code}`,
    problems: [...headers, ...judge(`${place}/content/${escaped(contentType)}/schema`, body)],
  };
}
