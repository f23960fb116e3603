import type { Context } from './context.js';

/** Does one command, and returns its exit code. */
export type Run = (context: Context) => Promise<number>;

/** Gets the command, once the arguments are found right. `takesProblems`: works with damaged files, too. */
export type Choose = (run: Run, options?: { takesProblems?: boolean }) => void;
