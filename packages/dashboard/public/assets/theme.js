// Runs before anything is painted, so that no other theme flashes up first. use-theme.ts stores the choice.
{
  const theme = localStorage.getItem('spanledger.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
}
