// Loaded before swarm by a test: a signal that nothing handles otherwise makes an error that nothing catches.
process.on('SIGUSR2', () => {
  throw new Error('crashed on purpose');
});
