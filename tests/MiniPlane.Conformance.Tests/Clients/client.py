"""The official Python client against a cluster: create, read, update, delete, watch with resume, apply, exec.

client.py NAMESPACE [POD]: exec is tried when there is a running POD whose container has a shell. Fails loudly.
"""
import json
import sys

from kubernetes import client, config, watch
from kubernetes.client.rest import ApiException
from kubernetes.stream import stream

namespace = sys.argv[1]
config.load_kube_config()
core, apps, custom = client.CoreV1Api(), client.AppsV1Api(), client.CustomObjectsApi()


def refused(code, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except ApiException as error:
        assert error.status == code, error
        return error
    raise AssertionError(f"{call} was not refused")


# Objects, one by one
made = core.create_namespaced_config_map(
    namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="py", labels={"by": "python"}), data={"a": "1"}))
assert made.metadata.uid and made.data == {"a": "1"}
refused(409, core.create_namespaced_config_map, namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(name="py")))
made.data["a"] = "2"
newer = core.replace_namespaced_config_map("py", namespace, made)
refused(409, core.replace_namespaced_config_map, "py", namespace, made)
patched = core.patch_namespaced_config_map("py", namespace, {"data": {"b": "3"}})
assert patched.data == {"a": "2", "b": "3"}
assert core.list_namespaced_config_map(namespace, label_selector="by=python").items[0].metadata.name == "py"
page = core.list_namespaced_config_map(namespace, limit=1)
assert page.metadata._continue and core.list_namespaced_config_map(namespace, limit=1, _continue=page.metadata._continue).items

# A watch, broken off and resumed: nothing is missed and nothing comes twice
start = core.list_namespaced_config_map(namespace).metadata.resource_version
for number in range(6):
    core.create_namespaced_config_map(namespace, client.V1ConfigMap(metadata=client.V1ObjectMeta(name=f"w{number}")))
seen = []
for round_end in (3, 6):
    watcher = watch.Watch()
    for event in watcher.stream(core.list_namespaced_config_map, namespace, resource_version=start, timeout_seconds=60):
        seen.append((event["type"], event["object"].metadata.name))
        start = event["object"].metadata.resource_version
        if len(seen) == round_end:
            watcher.stop()
assert seen == [("ADDED", f"w{number}") for number in range(6)], seen

# Server-side apply, which this client knows only as a patch of another type
api = client.ApiClient()


def apply(manager, value, force=False):
    return api.call_api(
        f"/api/v1/namespaces/{namespace}/configmaps/applied", "PATCH", query_params=[("fieldManager", manager), ("force", force)],
        header_params={"Content-Type": "application/apply-patch+yaml", "Accept": "application/json"},
        body=json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "applied"}, "data": {"k": value}}),
        response_type="V1ConfigMap", auth_settings=["BearerToken"], _return_http_data_only=True)


assert apply("one", "x").data == {"k": "x"}
assert "conflict" in refused(409, apply, "two", "y").body
assert apply("two", "y", force=True).data == {"k": "y"}

# A workload with its scale and status
template = client.V1PodTemplateSpec(
    metadata=client.V1ObjectMeta(labels={"app": "py"}), spec=client.V1PodSpec(containers=[client.V1Container(name="c", image="none")]))
apps.create_namespaced_deployment(namespace, client.V1Deployment(
    metadata=client.V1ObjectMeta(name="py"),
    spec=client.V1DeploymentSpec(replicas=0, selector=client.V1LabelSelector(match_labels={"app": "py"}), template=template)))
apps.patch_namespaced_deployment_scale("py", namespace, {"spec": {"replicas": 0}})
assert apps.read_namespaced_deployment_scale("py", namespace).spec.replicas in (0, None)
assert apps.read_namespaced_deployment_status("py", namespace).metadata.name == "py"
apps.delete_namespaced_deployment("py", namespace, body=client.V1DeleteOptions(propagation_policy="Foreground"))

# Who am I, what is there
assert client.AuthorizationV1Api().create_self_subject_access_review(client.V1SelfSubjectAccessReview(
    spec=client.V1SelfSubjectAccessReviewSpec(resource_attributes=client.V1ResourceAttributes(verb="get", resource="pods")))).status.allowed
assert client.VersionApi().get_code().major == "1"
assert any(group.name == "apps" for group in client.ApisApi().get_api_versions().groups)

if len(sys.argv) > 2:
    answer = stream(core.connect_get_namespaced_pod_exec, sys.argv[2], namespace, command=["sh", "-c", "echo out; echo err >&2"],
                    stderr=True, stdin=False, stdout=True, tty=False)
    assert "out" in answer and "err" in answer, answer

core.delete_namespaced_config_map("py", namespace)
refused(404, core.read_namespaced_config_map, "py", namespace)
core.delete_collection_namespaced_config_map(namespace, field_selector="metadata.name!=kube-root-ca.crt")
assert [item.metadata.name for item in core.list_namespaced_config_map(namespace).items] in ([], ["kube-root-ca.crt"])
print("python client: all as it should be")
