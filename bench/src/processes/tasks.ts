/** What a child process can be asked to do. */
export type Tasks = Record<string, (parameters: never) => unknown>;

export interface Question {
  id: number;
  task: string;
  parameters: unknown;
}

export type Reply = { id: number; result: unknown } | { id: number; error: string };

/** Answers the questions of the parent process, and ends with it. */
export function answerParent(tasks: Tasks): void {
  process.on('disconnect', () => process.exit());
  process.on('message', async (question: Question) => {
    process.send?.(await answer(tasks, question));
  });
}

async function answer(tasks: Tasks, { id, task, parameters }: Question): Promise<Reply> {
  try {
    // Parent and child are compiled together: a question carries the parameters of its task.
    return { id, result: await tasks[task]?.(parameters as never) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
