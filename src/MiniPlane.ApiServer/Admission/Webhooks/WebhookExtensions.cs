using Microsoft.Extensions.DependencyInjection;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>Registers admission webhooks; mutating ones run after every other plug-in that changes objects.</summary>
internal static class WebhookExtensions
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services) => services
        .AddSingleton<WebhookConfigurations>()
        .AddSingleton<WebhookMatcher>()
        .AddSingleton<WebhookGate>()
        .AddSingleton<WebhookClient>()
        .AddSingleton<IAdmissionPlugin, MutatingWebhookPlugin>()
        .AddSingleton<IAdmissionPlugin, ValidatingWebhookPlugin>();
}
