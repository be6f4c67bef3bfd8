// Before anything is painted, so that who chose colours does not see others first. use-theme.ts keeps the choice.
{
  const theme = localStorage.getItem('spanledger.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
}
