// Runs before the first paint, so that a chosen theme does not flash: no module, nothing else.
(function () {
  document.documentElement.classList.add('js');
  try {
    const chosen = localStorage.getItem('adit.theme');
    if (chosen === 'light' || chosen === 'dark') {
      document.documentElement.dataset.theme = chosen;
    }
  } catch {
    // Storage may be forbidden; the system's theme is shown then.
  }
})();
