// Failed calls have one colour on every plot: the vermilion of Okabe and Ito, told from blue by every eye.
export const failureColour = "#D55E00";
