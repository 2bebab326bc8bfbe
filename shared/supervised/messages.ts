/** What a supervised process is asked, and what it answers; numbers tell the questions apart. */
export interface Asked<Question> {
  readonly number: number;
  readonly question: Question;
}

export interface Answered<Answer> {
  readonly number: number;
  readonly answer: Answer;
}

/** Sent once it can be asked. */
export const ready = "ready";
