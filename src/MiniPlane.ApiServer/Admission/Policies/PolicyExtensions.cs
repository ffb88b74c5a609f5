using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Admission.Expressions;
using MiniPlane.ApiServer.Admission.Webhooks;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>Registers admission policies and what evaluates expressions of requests. Mutating policies run before mutating webhooks.</summary>
internal static class PolicyExtensions
{
    public static IServiceCollection AddMutatingPolicies(this IServiceCollection services) => services
        .AddSingleton<AdmissionVariables>()
        .AddSingleton<IMatchConditions, WebhookConditions>()
        .AddSingleton<PolicyParams>()
        .AddSingleton<PolicyRun>()
        .AddSingleton<IAdmissionPlugin, MutatingPolicyPlugin>();

    public static IServiceCollection AddValidatingPolicies(this IServiceCollection services) => services
        .AddSingleton<IAdmissionPlugin, ValidatingPolicyPlugin>()
        .AddSingleton<PolicyStatusLoop>()
        .AddHostedService(provider => provider.GetRequiredService<PolicyStatusLoop>());
}
