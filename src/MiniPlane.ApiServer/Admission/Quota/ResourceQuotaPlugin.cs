using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Plugins;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;
using MiniPlane.Objects.Quotas;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Quota;

/// <summary>
/// Nothing is stored that would take a namespace above its quotas (k8s.io/apiserver/pkg/admission/plugin/resourcequota). Unlike
/// upstream it does not trust <c>status.used</c>, which lags: it counts what is stored, and what was admitted a moment ago and is
/// on its way there, so that the limit holds exactly however many clients race.
/// </summary>
internal sealed class ResourceQuotaPlugin(IRevisionStore store, TimeProvider time) : IAdmissionPlugin
{
    private readonly UsedByDocument _used = new(time);

    // Per namespace the reservations; the list itself is the lock that makes look and reserve one step.
    private readonly ConcurrentDictionary<string, List<Reservation>> _reserved = new(StringComparer.Ordinal);

    public string Name => "ResourceQuota";

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (!request.Kind.IsNamespaced || request.Object is not { } obj || !IsCharged(request))
        {
            return ValueTask.CompletedTask;
        }

        string resource = request.Kind.Group.Length == 0 ? request.Kind.Plural : $"{request.Kind.Plural}.{request.Kind.Group}";
        List<QuotaLimits>? quotas = null;
        foreach (ObjectDocument document in store.Read(BuiltInKinds.ResourceQuota.Collection).Range(request.Key.Namespace, null))
        {
            if (QuotaLimits.Read(document, resource) is { } limits && QuotaScopes.Match(limits.Spec, resource, obj))
            {
                (quotas ??= []).Add(limits);
            }
        }

        if (quotas is not null)
        {
            Charge(request, obj, resource, quotas);
        }

        return ValueTask.CompletedTask;
    }

    private static bool IsCharged(AdmissionRequest request) => request.Operation switch
    {
        AdmissionOperation.Create => request.Subresource is null,
        AdmissionOperation.Update => request.Kind.Group.Length == 0
            && (request.Subresource is null ? request.Kind.Plural is "services" or "persistentvolumeclaims" : request.Subresource == "resize"),
        _ => false,
    };

    private void Charge(AdmissionRequest request, JsonObject obj, string resource, List<QuotaLimits> quotas)
    {
        if (request.Operation == AdmissionOperation.Create && resource == "pods")
        {
            QuotaText.RequireAmounts(request, obj, quotas);
        }

        IReadOnlyDictionary<string, Quantity> wanted = QuotaUsage.Of(request.Kind, obj, time.GetUtcNow());
        IReadOnlyDictionary<string, Quantity> before = request.OldObject is { } old
            ? QuotaUsage.Of(request.Kind, old, time.GetUtcNow())
            : new Dictionary<string, Quantity>(StringComparer.Ordinal);
        List<Reservation> reserved = _reserved.GetOrAdd(request.Key.Namespace, static _ => []);
        lock (reserved)
        {
            foreach (QuotaLimits quota in quotas)
            {
                Check(request, resource, quota, reserved, wanted, before);
            }

            if (!request.DryRun)
            {
                Reserve(request, obj, wanted, quotas, reserved);
            }
        }
    }

    private static void Reserve(
        AdmissionRequest request,
        JsonObject obj,
        IReadOnlyDictionary<string, Quantity> wanted,
        List<QuotaLimits> quotas,
        List<Reservation> reserved)
    {
        var reservation = new Reservation(
            request.Kind.Collection,
            request.Key,
            obj.TextOrEmpty("metadata", "uid"),
            wanted,
            quotas.Select(quota => quota.ScopeText).ToHashSet(StringComparer.Ordinal));
        reserved.Add(reservation);
        request.Finished += () =>
        {
            lock (reserved)
            {
                reserved.Remove(reservation);
            }
        };
    }

    private void Check(
        AdmissionRequest request,
        string resource,
        QuotaLimits quota,
        List<Reservation> reserved,
        IReadOnlyDictionary<string, Quantity> wanted,
        IReadOnlyDictionary<string, Quantity> before)
    {
        var delta = new SortedDictionary<string, Quantity>(StringComparer.Ordinal);
        foreach (string name in quota.Hard.Keys)
        {
            Quantity more = wanted.GetValueOrDefault(name) - before.GetValueOrDefault(name);
            if (more.Sign > 0)
            {
                delta[name] = more;
            }
        }

        if (delta.Count == 0)
        {
            return;
        }

        Dictionary<string, Quantity> used = Count(request, resource, quota, reserved);
        string[] exceeded = [.. delta.Where(one => used.GetValueOrDefault(one.Key) + one.Value > quota.Hard[one.Key]).Select(one => one.Key)];
        if (exceeded.Length > 0)
        {
            throw request.Forbidden(QuotaText.Exceeded(quota, exceeded, delta, used));
        }
    }

    private Dictionary<string, Quantity> Count(
        AdmissionRequest request, string resource, QuotaLimits quota, List<Reservation> reserved)
    {
        var sum = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        CollectionSnapshot snapshot = store.Read(request.Kind.Collection);
        foreach (ObjectDocument document in snapshot.Range(request.Key.Namespace, null))
        {
            if (_used.IsInScope(quota, resource, document))
            {
                Add(sum, quota, _used.Of(request.Kind, document));
            }
        }

        foreach (Reservation reservation in reserved)
        {
            // One that has arrived in the store is counted there; one that grows counts with what it grows by.
            ObjectDocument? stored = reservation.Collection == request.Kind.Collection ? snapshot.Find(reservation.Key) : null;
            bool isThere = stored?.Metadata.Uid == reservation.Uid;
            if (reservation.Collection != request.Kind.Collection || !reservation.Scopes.Contains(quota.ScopeText))
            {
                continue;
            }

            IReadOnlyDictionary<string, Quantity> counted =
                isThere && stored is not null ? _used.Of(request.Kind, stored) : new Dictionary<string, Quantity>(StringComparer.Ordinal);
            Add(sum, quota, reservation.Used.ToDictionary(
                one => one.Key, one => Quantity.Max(Quantity.Zero, one.Value - counted.GetValueOrDefault(one.Key)), StringComparer.Ordinal));
        }

        return sum;
    }

    private static void Add(Dictionary<string, Quantity> sum, QuotaLimits quota, IReadOnlyDictionary<string, Quantity> amounts)
    {
        foreach (string name in quota.Hard.Keys)
        {
            if (amounts.TryGetValue(name, out Quantity amount))
            {
                sum[name] = sum.GetValueOrDefault(name) + amount;
            }
        }
    }
}
