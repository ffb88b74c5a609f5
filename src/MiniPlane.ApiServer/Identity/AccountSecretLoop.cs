using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.Identity;

/// <summary>
/// Fills Secrets of type <c>kubernetes.io/service-account-token</c> with a token of the account that they name, and deletes them when
/// there is no such account (upstream's tokens-controller). It lives here because the key that signs does not leave this room.
/// </summary>
internal sealed class AccountSecretLoop(
    IClusterClient cluster, ServiceAccountTokens tokens, ClusterPki pki, ILogger<AccountSecretLoop> logger, TimeProvider time)
    : BackgroundLoop(logger, time)
{
    private const string NameAnnotation = "kubernetes.io/service-account.name";
    private const string UidAnnotation = "kubernetes.io/service-account.uid";
    private static readonly ListQuery TokenSecrets = new() { Fields = "type=kubernetes.io/service-account-token" };

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] following = [FollowSecretsAsync(either.Token), FollowAccountsAsync(either.Token)];
        await Task.WhenAny(following);
        await either.CancelAsync();
        await Task.WhenAll(following);
    }

    private async Task FollowSecretsAsync(CancellationToken cancellationToken)
    {
        ObjectList list = await cluster.ListAsync(BuiltInKinds.Secret, TokenSecrets, cancellationToken);
        foreach (ObjectDocument secret in list.Items)
        {
            await LookAsync(secret, cancellationToken);
        }

        await foreach (ClusterEvent change in cluster.WatchAsync(BuiltInKinds.Secret, TokenSecrets, list.Revision, cancellationToken))
        {
            if (change is { Document: { } secret, Type: ClusterEventType.Added or ClusterEventType.Modified })
            {
                await LookAsync(secret, cancellationToken);
            }
        }
    }

    private async Task FollowAccountsAsync(CancellationToken cancellationToken)
    {
        ObjectList list = await cluster.ListAsync(BuiltInKinds.ServiceAccount, ListQuery.All, cancellationToken);
        await foreach (ClusterEvent change in cluster.WatchAsync(BuiltInKinds.ServiceAccount, ListQuery.All, list.Revision, cancellationToken))
        {
            if (change is { Document: { } account, Type: ClusterEventType.Deleted })
            {
                ListQuery query = TokenSecrets with { Namespace = account.Metadata.Namespace };
                foreach (ObjectDocument secret in (await cluster.ListAsync(BuiltInKinds.Secret, query, cancellationToken)).Items)
                {
                    await LookAsync(secret, cancellationToken);
                }
            }
        }
    }

    private async Task LookAsync(ObjectDocument secret, CancellationToken cancellationToken)
    {
        if (secret.Metadata.IsBeingDeleted)
        {
            return;
        }

        JsonObject json = secret.ToJson();
        var key = new ObjectKey(secret.Metadata.Namespace, json.TextOrEmpty("metadata", "annotations", NameAnnotation));
        string uid = json.TextOrEmpty("metadata", "annotations", UidAnnotation);
        ObjectDocument? account = await cluster.FindAsync(BuiltInKinds.ServiceAccount, key, cancellationToken);
        try
        {
            if (account is null || (uid.Length > 0 && uid != account.Metadata.Uid))
            {
                await cluster.DeleteAsync(BuiltInKinds.Secret, secret.Key, new DeleteQuery { Uid = secret.Metadata.Uid }, cancellationToken);
            }
            else if (Missing(secret, json, account) is { } patch)
            {
                await cluster.PatchAsync(BuiltInKinds.Secret, secret.Key, PatchType.Merge, patch, null, cancellationToken);
            }
        }
        catch (ApiException error) when (error.Code < 500)
        {
            // Someone else was first, or it may not be changed; the watch brings what becomes of it.
        }
    }

    /// <summary>What the secret lacks, or null.</summary>
    private JsonObject? Missing(ObjectDocument secret, JsonObject json, ObjectDocument account)
    {
        JsonObject data = [];
        Keep(json, data, "ca.crt", pki.AuthorityPem + "\n");
        Keep(json, data, "namespace", secret.Metadata.Namespace);
        if (json.TextOrEmpty("data", "token").Length == 0)
        {
            data["token"] = Base64(tokens.IssueForSecret(account, secret.Metadata.Name));
        }

        return data.Count == 0 && json.Text("metadata", "annotations", UidAnnotation) == account.Metadata.Uid ? null : new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = secret.Metadata.Uid,
                ["annotations"] = new JsonObject { [UidAnnotation] = account.Metadata.Uid },
            },
            ["data"] = data,
        };
    }

    private static void Keep(JsonObject secret, JsonObject data, string entry, string value)
    {
        if (secret.Text("data", entry) != Base64(value))
        {
            data[entry] = Base64(value);
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
