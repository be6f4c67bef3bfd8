export default {
  test: { include: ['*.spec.js'], globals: true, setupFiles: ['spanledger/register'] },
}
