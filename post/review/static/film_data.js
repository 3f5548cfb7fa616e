// Reads what the server says of a film into what the page works with.
export const readFilm = (said) => said;
