export const explanationPath = (code = '') =>
  code ? `/access-explanation?code=${encodeURIComponent(code)}` : '/access-explanation'
