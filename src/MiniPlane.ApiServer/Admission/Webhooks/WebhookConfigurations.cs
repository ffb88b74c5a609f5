using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>All webhooks, in the order in which upstream calls them: by their configuration's name, then by their place in it.</summary>
internal sealed class WebhookConfigurations(IRevisionStore store)
{
    private readonly CollectionView<Webhook[]> _mutating =
        new(store, BuiltInKinds.MutatingWebhookConfiguration.Collection, ReadAll);

    private readonly CollectionView<Webhook[]> _validating =
        new(store, BuiltInKinds.ValidatingWebhookConfiguration.Collection, ReadAll);

    public Webhook[] Mutating => _mutating.Current;

    public Webhook[] Validating => _validating.Current;

    private static Webhook[] ReadAll(CollectionSnapshot snapshot) =>
    [
        .. snapshot.Range(null, null).SelectMany(Webhook.ReadAll),
    ];
}
