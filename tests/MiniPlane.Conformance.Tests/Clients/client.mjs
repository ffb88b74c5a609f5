// The official JavaScript client against a cluster: create, read, update, delete, watch with resume, apply, exec.
//
// client.mjs NAMESPACE [POD]: exec is tried when there is a running POD whose container has a shell. Fails loudly.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

// Imported, not required: Debian's own Node.js, 18, requires no modules of this form.
const k8s = await import(pathToFileURL(createRequire(`${process.env.NODE_PATH}/`).resolve('@kubernetes/client-node')));
const [namespace, pod] = process.argv.slice(2);
const config = new k8s.KubeConfig();
config.loadFromDefault();
const core = config.makeApiClient(k8s.CoreV1Api);

const refused = async (code, call) => {
  try { await call(); } catch (error) { assert.equal(error.code ?? error.statusCode, code, String(error)); return; }
  assert.fail('it was not refused');
};

// Objects, one by one
const body = { metadata: { name: 'js', labels: { by: 'js' } }, data: { a: '1' } };
const made = await core.createNamespacedConfigMap({ namespace, body });
await refused(409, () => core.createNamespacedConfigMap({ namespace, body }));
made.data.a = '2';
await core.replaceNamespacedConfigMap({ name: 'js', namespace, body: made });
await refused(409, () => core.replaceNamespacedConfigMap({ name: 'js', namespace, body: made }));
const patched = await core.patchNamespacedConfigMap({ name: 'js', namespace, body: [{ op: 'add', path: '/data/b', value: '3' }] });
assert.deepEqual(patched.data, { a: '2', b: '3' });
assert.equal((await core.listNamespacedConfigMap({ namespace, labelSelector: 'by=js' })).items.length, 1);

// A watch, broken off and resumed
let version = (await core.listNamespacedConfigMap({ namespace })).metadata.resourceVersion;
for (let i = 0; i < 6; i++) await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: `w${i}` } } });
const seen = [];
for (const end of [3, 6]) {
  await new Promise((resolve, reject) => {
    let abort;
    new k8s.Watch(config).watch(`/api/v1/namespaces/${namespace}/configmaps`, { resourceVersion: version }, (type, object) => {
      if (seen.length >= end) return;
      seen.push(`${type} ${object.metadata.name}`);
      version = object.metadata.resourceVersion;
      if (seen.length === end) { resolve(); setImmediate(() => abort?.abort()); }
    }, (error) => { if (seen.length < end) reject(error ?? new Error('the watch ended')); }).then((controller) => { abort = controller; }, reject);
  });
}
assert.deepEqual(seen, [0, 1, 2, 3, 4, 5].map((i) => `ADDED w${i}`));

// Server-side apply
const objects = k8s.KubernetesObjectApi.makeApiClient(config);
const apply = (manager, value, force) => objects.patch(
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied', namespace }, data: { k: value } },
  undefined, undefined, manager, force, k8s.PatchStrategy.ServerSideApply);
assert.equal((await apply('one', 'x')).data.k, 'x');
await refused(409, () => apply('two', 'y'));
assert.equal((await apply('two', 'y', true)).data.k, 'y');

if (pod) {
  let out = '';
  const into = new Writable({ write(chunk, _, done) { out += chunk; done(); } });
  const status = await new Promise((resolve, reject) => new k8s.Exec(config)
    .exec(namespace, pod, '', ['sh', '-c', 'echo hello'], into, process.stderr, null, false, resolve).catch(reject));
  assert.equal(status.status, 'Success');
  assert.equal(out.trim(), 'hello');
}

await core.deleteNamespacedConfigMap({ name: 'js', namespace });
await refused(404, () => core.readNamespacedConfigMap({ name: 'js', namespace }));
console.log('javascript client: all as it should be');
process.exit(0);
