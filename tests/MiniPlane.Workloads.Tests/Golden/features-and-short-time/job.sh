#!/bin/sh
# Pod default/short, uid u-7
#SBATCH --job-name=short
#SBATCH --comment=miniplane:c1:u-7
#SBATCH --chdir=/home/me/.miniplane/pods/u-7
#SBATCH --output=/home/me/.miniplane/pods/u-7/slurm-%j.out
#SBATCH --open-mode=append
#SBATCH --partition=batch
#SBATCH --gres=gpu:a100:1
#SBATCH --constraint="avx512&gpu"
#SBATCH --signal=B:TERM@30
#SBATCH --requeue
#SBATCH --nice=1000
#SBATCH --qos=low
#SBATCH --time=2
exec '/opt/mini plane/miniplane-agent' --config /home/me/.miniplane/pods/u-7/agent.json
