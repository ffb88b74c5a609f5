using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>
/// Gives every pod a service account and, unless it is switched off, a volume with that account's token, the cluster's CA and the
/// namespace (plugin/pkg/admission/serviceaccount).
/// </summary>
internal sealed class ServiceAccountPlugin(IRevisionStore store, TimeProvider time) : IAdmissionPlugin
{
    private const string DefaultName = "default";
    private const string MountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string VolumePrefix = "kube-api-access-";
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";
    private const string RandomLetters = "bcdfghjklmnpqrstvwxz2456789";

    // An hour and a little, so that a token is renewed before a client's own hour is over (upstream's number).
    private const long TokenSeconds = 3607;

    // A new namespace's default account is made by a controller a moment later.
    private const int Attempts = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(75);

    // By the stored document: a change of the account is another one.
    private static readonly ConditionalWeakTable<ObjectDocument, Account> Accounts = [];

    public string Name => "ServiceAccount";

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (!request.Creates("", "Pod"))
        {
            return;
        }

        JsonObject pod = request.Wanted();
        JsonObject spec = pod.Ensure("spec");
        if (pod.Has("metadata", "annotations", MirrorAnnotation))
        {
            RefuseReferences(request, spec);
            return;
        }

        string name = spec.TextOrEmpty("serviceAccountName");
        if (name.Length == 0)
        {
            name = DefaultName;
        }

        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
        Account account = await FindAsync(request, name, cancellationToken);
        if (spec.Flag("automountServiceAccountToken") ?? account.MountsToken ?? true)
        {
            MountToken(spec);
        }

        if (spec.Array("imagePullSecrets") is not { Count: > 0 } && account.PullSecrets is { Count: > 0 } secrets)
        {
            spec["imagePullSecrets"] = secrets.DeepClone();
        }
    }

    private static void RefuseReferences(AdmissionRequest request, JsonObject spec)
    {
        if (spec.TextOrEmpty("serviceAccountName").Length > 0)
        {
            throw request.Forbidden("a mirror pod may not reference service accounts");
        }
    }

    private async ValueTask<Account> FindAsync(AdmissionRequest request, string name, CancellationToken cancellationToken)
    {
        var key = new StoreKey(BuiltInKinds.ServiceAccount.Collection, new ObjectKey(request.Key.Namespace, name));
        int attempts = name == DefaultName ? Attempts : 1;
        for (int attempt = 1; ; attempt++)
        {
            if (store.Find(key) is { } document)
            {
                return Accounts.GetValue(document, static document => Account.From(document.ToJson()));
            }

            if (attempt >= attempts)
            {
                throw request.Forbidden(
                    $"error looking up service account {request.Key.Namespace}/{name}: serviceaccount \"{name}\" not found");
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private static void MountToken(JsonObject spec)
    {
        string? existing = spec.Objects("volumes").Select(volume => volume.TextOrEmpty("name"))
            .FirstOrDefault(name => name.StartsWith(VolumePrefix, StringComparison.Ordinal));
        string volume = existing ?? VolumePrefix + RandomNumberGenerator.GetString(RandomLetters, 5);
        bool isMounted = false;
        foreach (JsonObject container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            if (!container.Objects("volumeMounts").Any(mount => mount.Text("mountPath") == MountPath))
            {
                container.EnsureArray("volumeMounts").Add((JsonNode)new JsonObject
                {
                    ["mountPath"] = MountPath,
                    ["name"] = volume,
                    ["readOnly"] = true,
                });
                isMounted = true;
            }
        }

        if (isMounted && existing is null)
        {
            spec.EnsureArray("volumes").Add((JsonNode)TokenVolume(volume));
        }
    }

    private static JsonObject TokenVolume(string name) => new()
    {
        ["name"] = name,
        ["projected"] = new JsonObject
        {
            ["defaultMode"] = 420,
            ["sources"] = new JsonArray(
                new JsonObject
                {
                    ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = TokenSeconds, ["path"] = "token" },
                },
                new JsonObject
                {
                    ["configMap"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
                        ["name"] = "kube-root-ca.crt",
                    },
                },
                new JsonObject
                {
                    ["downwardAPI"] = new JsonObject
                    {
                        ["items"] = new JsonArray(new JsonObject
                        {
                            ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                            ["path"] = "namespace",
                        }),
                    },
                }),
        },
    };

    private sealed record Account(bool? MountsToken, JsonArray? PullSecrets)
    {
        public static Account From(JsonObject account) =>
            new(account.Flag("automountServiceAccountToken"), account.Array("imagePullSecrets"));
    }
}
